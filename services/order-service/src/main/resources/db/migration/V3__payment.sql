-- An order waits to be paid, for so long.
alter table orders drop constraint orders_status_check;
alter table orders add constraint orders_status_check check (status in ('PLACED', 'PAID', 'CANCELLED', 'EXPIRED'));
alter table orders add column paid_at timestamptz check ((status = 'PAID') = (paid_at is not null));
alter table order_event drop constraint order_event_status_check;
alter table order_event add constraint order_event_status_check
  check (status in ('PLACED', 'PAID', 'CANCELLED', 'EXPIRED'));
-- Orders from before were complete when they were placed.
update orders set status = 'PAID', paid_at = placed_at where status = 'PLACED';
create index orders_unpaid on orders (placed_at) where status = 'PLACED';

-- A key is kept as long as somebody may repeat a request with it.
alter table orders alter column idempotency_key drop not null;
create index orders_with_key on orders (placed_at) where idempotency_key is not null;

-- Orders come in the order of their time, which is what a small index needs.
create index orders_by_time on orders using brin (placed_at);

-- The orders of a day, over all users.
create table daily_summary (
  day       date   primary key,
  users     bigint not null,
  placed    bigint not null,
  paid      bigint not null,
  cancelled bigint not null,
  expired   bigint not null
);
