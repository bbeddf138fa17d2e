create table orders (
  id                uuid         primary key default gen_random_uuid(),
  user_id           bigint       not null,
  idempotency_key   varchar(100) not null,
  status            varchar(20)  not null default 'PLACED' check (status in ('PLACED', 'CANCELLED')),
  total_minor_units bigint       not null check (total_minor_units >= 0),
  currency          char(3)      not null,
  placed_at         timestamptz  not null default now(),
  cancelled_at      timestamptz  check ((status = 'CANCELLED') = (cancelled_at is not null)),
  constraint orders_once_per_key unique (user_id, idempotency_key)
);

create index orders_of_user on orders (user_id, placed_at desc, id desc);

create table order_line (
  order_id               uuid        not null references orders (id),
  position               int         not null,
  sku                    varchar(64) not null,
  quantity               int         not null check (quantity > 0),
  unit_price_minor_units bigint      not null check (unit_price_minor_units >= 0),
  primary key (order_id, position)
);

-- What happened to orders, written in the transaction that made it happen. Ids are drawn before transactions commit,
-- so a reader that remembered only the last id would miss those that commit late. Readers therefore go by transaction,
-- and only up to the oldest one that still runs: see OrderEventRepository.
create table order_event (
  id             bigint      generated always as identity primary key,
  transaction_id xid8        not null default pg_current_xact_id(),
  order_id       uuid        not null references orders (id),
  user_id        bigint      not null,
  status         varchar(20) not null check (status in ('PLACED', 'CANCELLED')),
  occurred_at    timestamptz not null default now()
);

create index order_event_in_order on order_event (transaction_id, id);
