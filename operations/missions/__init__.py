"""Teams on missions: sent out, heard of, recalled, home again."""
