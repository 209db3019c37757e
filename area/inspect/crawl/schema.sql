-- Every known address once, the frontier among them.
create table if not exists address (
  id       integer primary key,
  url      text not null,      -- canonical
  host     integer not null,
  part     integer not null,   -- 0 page, 1 file, 2 outside
  state    integer not null,   -- 0 queued, 1 done, 2 queued to be tried again in this run
  rank     integer not null,   -- smaller first
  depth    integer not null,   -- clicks from the home page
  referrer integer not null,   -- address on which it was first seen; 0 = none
  hops     integer not null    -- redirects on the way here
) strict;
create index if not exists frontier on address (host, rank, id) where state <> 1;

create table if not exists host (
  id     integer primary key,
  origin text not null,        -- scheme and host
  inside integer not null      -- of the site
) strict;

-- What came of an address.
create table if not exists page (
  id          integer primary key,
  part        integer not null,
  at          integer not null, -- microseconds since 1970
  took        integer not null, -- microseconds
  status      integer not null,
  failure     text not null,
  note        text not null,
  target      integer not null, -- where it sends on to
  type        text not null,
  charset     text not null,
  declared    text not null,
  size        integer not null,
  hash        text not null,
  etag        text not null,
  modified    text not null,
  swift       integer not null, -- may change any day
  published   integer not null, -- of an item
  since       integer not null, -- first fetched
  round       integer not null, -- last fetched in
  misses      integer not null, -- dead answers in this round
  tries       text not null,    -- times of dead answers since the last good one, seconds, each with a comma
  links       blob not null,    -- addresses it names, uvarints
  end_status  integer,          -- of the end of a chain of redirects
  end_failure text
) strict;
create index if not exists sends on page (target) where target <> 0;
create index if not exists missed on page (round, misses) where misses > 0;

create table if not exists reading (id integer primary key, facts blob not null) strict;

-- Pages as they came, packed; kept/ holds files and pictures.
create table if not exists body (hash blob not null unique, packed blob not null) strict;

create table if not exists run (
  round   integer primary key,
  start   text not null,
  started integer not null,
  ended   integer not null default 0,
  stopped text not null default '',
  whole   integer not null default 0
) strict;

create table if not exists note (
  round integer not null,
  url   text not null,
  text  text not null,
  count integer not null,
  primary key (round, url, text)
) strict;
