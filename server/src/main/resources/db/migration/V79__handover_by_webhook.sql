-- When the start was asked for, and why the attempt shall end before its time; the first reason stays.
alter table fleet_handover add column sent_at timestamptz;
alter table fleet_handover add column cancelled text;
