"""Text a terminal can show: made safe, measured, wrapped; and dates as people write them."""
