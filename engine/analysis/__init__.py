"""What can be said of a library of rules as a whole, over every class of every decision."""
