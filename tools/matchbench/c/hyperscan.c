/* Measures Hyperscan (or Vectorscan) for the matchbench command:
 * hyperscan ends|starts FOLDER prints build seconds, bytes, and seconds, hits and
 * bytes for each text. With "starts" it also finds where a hit begins. */
#include <hs/hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* processor is the time that this process has had the processor, in seconds. */
static double processor(void) {
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *what) {
	fprintf(stderr, "%s\n", what);
	exit(1);
}

static char *read_file(const char *folder, const char *name, size_t *size) {
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *f = fopen(path, "rb");
	if (!f) fail(path);
	fseek(f, 0, SEEK_END);
	*size = ftell(f);
	rewind(f);
	char *data = malloc(*size + 1);
	if (fread(data, 1, *size, f) != *size) fail(path);
	data[*size] = 0;
	fclose(f);
	return data;
}

static int count(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *hits) {
	(void)id, (void)from, (void)to, (void)flags;
	++*(unsigned long *)hits;
	return 0;
}

int main(int argc, char **argv) {
	if (argc != 3) fail("hyperscan ends|starts FOLDER");
	size_t size;
	char *terms = read_file(argv[2], "terms", &size);
	unsigned n = 1;
	for (char *p = terms; *p; p++) n += *p == '\n';
	const char **list = malloc(n * sizeof *list);
	size_t *sizes = malloc(n * sizeof *sizes);
	unsigned *flags = malloc(n * sizeof *flags), *ids = malloc(n * sizeof *ids);
	char *p = terms;
	for (unsigned i = 0; i < n; i++) {
		list[i] = p;
		sizes[i] = strcspn(p, "\n");
		flags[i] = strcmp(argv[1], "starts") ? 0 : HS_FLAG_SOM_LEFTMOST;
		ids[i] = i;
		p += sizes[i] + 1;
	}
	double start = processor();
	hs_database_t *db;
	hs_compile_error_t *problem;
	if (hs_compile_lit_multi(list, flags, ids, sizes, n, HS_MODE_BLOCK, NULL, &db, &problem)) fail(problem->message);
	hs_scratch_t *scratch = NULL;
	if (hs_alloc_scratch(db, &scratch)) fail("no scratch");
	size_t kept, more;
	hs_database_size(db, &kept);
	hs_scratch_size(scratch, &more);
	printf("%f %zu", processor() - start, kept + more);
	const char *files[] = {"sparse", "dense"};
	for (int k = 0; k < 2; k++) {
		char *text = read_file(argv[2], files[k], &size);
		double best = 1e9;
		unsigned long hits = 0;
		for (int run = 0; run < 3; run++) {
			hits = 0;
			start = processor();
			if (hs_scan(db, text, size, 0, scratch, count, &hits)) fail("scan");
			double t = processor() - start;
			if (t < best) best = t;
		}
		printf(" %.9f %lu %zu", best, hits, size);
		free(text);
	}
	printf("\n");
	return 0;
}
