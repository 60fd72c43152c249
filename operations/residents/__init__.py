"""What residents report, by page and by LINE: never more than 未確認; and what they hear of it."""
