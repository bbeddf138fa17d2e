-- What is to be run: the table of db-scheduler 16 for PostgreSQL, with an owner. A row is a run that is not over
-- (task_name is the job, task_instance the run's key), or the schedule of a job (task_name "schedule:<job>").
create table job_queue (
  task_name            text        not null,
  task_instance        text        not null,
  task_data            bytea,
  execution_time       timestamptz not null,
  picked               boolean     not null,
  picked_by            text,
  last_success         timestamptz,
  last_failure         timestamptz,
  consecutive_failures int,
  last_heartbeat       timestamptz,
  version              bigint      not null,
  priority             smallint,
  -- the only instance that may take it; null for any
  owner                text,
  primary key (task_name, task_instance)
);

create index job_queue_due on job_queue (priority desc, execution_time) where not picked;
create index job_queue_heartbeats on job_queue (last_heartbeat) where picked;

-- What was run, is run and waits: a row for each attempt. A row with the state skipped may stand for several ticks in a
-- row that were skipped for the same reason, from due to last_due.
create table job_run (
  job       text        not null,
  key       text        not null,
  attempt   int         not null,
  due       timestamptz not null,
  last_due  timestamptz not null,
  ticks     bigint      not null default 1,
  state     text        not null
    check (state in ('waiting', 'running', 'succeeded', 'failed', 'abandoned', 'skipped')),
  started   timestamptz,
  ended     timestamptz,
  instance  text,
  fence     bigint,
  cancelled boolean     not null default false,
  reason    text,
  payload   text,
  done      bigint,
  total     bigint,
  primary key (job, key, attempt)
);

create index job_run_open on job_run (job, due, key) where state in ('waiting', 'running');
create index job_run_latest on job_run (job, due desc);
create index job_run_ended on job_run (ended);

-- Grows with each run that begins, whatever its job.
create sequence job_fence;

-- Which effects of a run have been made. Written in the transaction that makes them.
create table job_effect (
  job    text        not null,
  key    text        not null,
  effect text        not null,
  fence  bigint      not null,
  at     timestamptz not null default clock_timestamp(),
  primary key (job, key, effect)
);

create index job_effect_at on job_effect (at);

-- Jobs whose schedule is paused by hand.
create table job_pause (
  job   text        primary key,
  since timestamptz not null default clock_timestamp()
);
