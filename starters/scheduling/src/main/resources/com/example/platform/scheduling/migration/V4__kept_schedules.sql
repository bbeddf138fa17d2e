-- When an instance last had the schedule that a row of a schedule has; null for runs.
alter table job_queue add column kept timestamptz;
