-- The fence of each lock: higher for each later holder. A row is never deleted, or its fence would begin again.
-- "held" stays true when a holder did not release: the next one then waits until that one counts on the lock no more.
create table lock_fence (
    name  varchar(100) primary key,
    fence bigint  not null,
    held  boolean not null
);
