"""When things run: assets, checks, jobs, schedules, sensors, and the command line."""
