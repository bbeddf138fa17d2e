-- Runs whose work is split. Locked by whoever adds a result, so that one of them sees that it is the last.
create table job_split (
  job    text        not null,
  key    text        not null,
  due    timestamptz not null,
  shards int         not null,
  at     timestamptz not null default clock_timestamp(),
  primary key (job, key)
);

create table job_shard_result (
  job      text   not null,
  key      text   not null,
  shard    int    not null,
  instance text   not null,
  millis   bigint not null,
  result   text   not null,
  primary key (job, key, shard),
  foreign key (job, key) references job_split (job, key) on delete cascade
);

create index job_split_at on job_split (at);
