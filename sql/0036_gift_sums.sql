-- squawk-ignore-file require-concurrent-index-creation
-- The list of gifts counts with the totals what these do not count, and finds what is rare without reading the rest.

create index gift_wholly_returned on gift (counted_on) where wholly_returned;
create index gift_by_hand on gift (counted_on desc, payment_id desc, part desc) where source = 'cash';
