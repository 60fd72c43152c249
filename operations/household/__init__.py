"""Households that say something of themselves: by their slip's link, by phone, by their 班."""
