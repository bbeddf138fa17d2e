-- if database
create table sample_items (
  id         bigint generated always as identity primary key,
  name       varchar(100) not null,
  created_at timestamptz  not null default now()
);
-- end
