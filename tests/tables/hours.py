"""Prints the hours that a clock in New York shows from 2000 to 2030, with the instants at which it does.

A line has the civil time and the seconds since 1970 of each instant: none in the hour that spring skips, two in the one
that autumn repeats.
"""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")

hour = datetime(2000, 1, 1)
while hour.year <= 2030:
    instants = []
    for fold in (0, 1):
        instant = hour.replace(tzinfo=EASTERN, fold=fold).astimezone(timezone.utc)
        shown = instant.astimezone(EASTERN).replace(tzinfo=None)
        seconds = int(instant.timestamp())
        if shown == hour and seconds not in instants:
            instants.append(seconds)
    print(hour.strftime("%Y%m%dT%H:%M:%S"), *instants)
    hour += timedelta(hours=1)
