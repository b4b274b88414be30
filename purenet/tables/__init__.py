"""Tables: what the columns of a CSV file are, what the problem is, and how good an answer is."""
