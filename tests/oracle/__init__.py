"""What the warehouse must come to, worked out row by row and slowly."""
