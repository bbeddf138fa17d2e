create table users (
  id         bigint generated always as identity primary key,
  name       varchar(100) not null,
  email      varchar(254) not null,
  status     varchar(20)  not null default 'ACTIVE' check (status in ('ACTIVE', 'BLOCKED')),
  created_at timestamptz  not null default now()
);

create unique index users_email_without_case on users (lower(email));
