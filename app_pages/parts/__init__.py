"""What pages are made of: what several share stands here, what one page needs in its folder."""
