"""The figures of a territory and a year: counted, laid beside what a report printed, shown."""
