"""Jobs for several machines, over PostgreSQL and procrastinate: what they do is what `serve` does."""
