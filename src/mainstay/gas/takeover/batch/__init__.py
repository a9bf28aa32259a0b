"""Set-based work of a take-over: sheets into staging, the trial run, making it real."""
