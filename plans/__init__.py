"""Plans: the three-year plan, its batches and the optimiser; reads results."""
