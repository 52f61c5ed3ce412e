"""What programs import in the page. `playpage.runtime` is the page's own side of it."""
