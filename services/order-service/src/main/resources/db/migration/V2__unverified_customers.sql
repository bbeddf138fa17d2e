-- Placed while user-service was away, for a user who had ordered before.
alter table orders add column customer_unverified boolean not null default false;
