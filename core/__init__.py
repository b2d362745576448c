"""The kit: scoping, actions, registers, audit, jobs, indicators, clock and periods. It knows no domain."""
