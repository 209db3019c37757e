//! Measures Rust's libraries for the matchbench command: matchbench NAME FOLDER
//! prints build seconds, bytes, and seconds, hits and bytes for each text.

use std::{env, fs};

/// Processor time of this process, which has one thread, in seconds.
fn processor() -> f64 {
    let stat = fs::read_to_string("/proc/self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

/// Resident memory of this process in bytes.
fn resident() -> i64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<i64>().unwrap() * 4096
}

fn measure<A>(folder: &str, build: impl Fn(&[&str]) -> A, count: impl Fn(&A, &str) -> usize) {
    let terms = fs::read_to_string(format!("{folder}/terms")).unwrap();
    let terms: Vec<&str> = terms.split('\n').collect();
    let before = resident();
    let start = processor();
    let automaton = build(&terms);
    let seconds = processor() - start;
    print!("{seconds} {}", resident() - before);
    for file in ["sparse", "dense"] {
        let text = fs::read_to_string(format!("{folder}/{file}")).unwrap();
        let (mut best, mut hits) = (f64::MAX, 0);
        for _ in 0..3 {
            let start = processor();
            hits = count(&automaton, &text);
            best = best.min(processor() - start);
        }
        print!(" {best} {hits} {}", text.len());
    }
    println!();
}

fn main() {
    let args: Vec<String> = env::args().collect();
    let folder = &args[2];
    match args[1].as_str() {
        name @ ("aho-corasick-dfa" | "aho-corasick-nfa") => {
            use aho_corasick::{AhoCorasick, AhoCorasickKind};
            let kind = if name.ends_with("dfa") { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
            measure(
                folder,
                |terms| AhoCorasick::builder().kind(Some(kind)).build(terms).unwrap(),
                |a, text| a.find_overlapping_iter(text).count(),
            )
        }
        name @ ("aho-corasick-0.7-dfa" | "aho-corasick-0.7-nfa") => {
            use aho_corasick_07::AhoCorasickBuilder;
            measure(
                folder,
                |terms| AhoCorasickBuilder::new().dfa(name.ends_with("dfa")).build(terms),
                |a, text| a.find_overlapping_iter(text).count(),
            )
        }
        "daachorse" => measure(
            folder,
            |terms| daachorse::DoubleArrayAhoCorasick::<u32>::new(terms).unwrap(),
            |a, text| a.find_overlapping_iter(text).count(),
        ),
        "daachorse-charwise" => measure(
            folder,
            |terms| daachorse::CharwiseDoubleArrayAhoCorasick::<u32>::new(terms).unwrap(),
            |a, text| a.find_overlapping_iter(text).count(),
        ),
        name => panic!("no library {name}"),
    }
}
