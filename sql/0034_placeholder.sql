-- A place for what is added beside this; the number stays in order.
select 1;
