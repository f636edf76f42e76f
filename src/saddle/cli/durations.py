"""Times as people say them."""


def duration(seconds: float) -> str:
    """Seconds as "0.4 s", "42 s", "3 min 20 s" or "2 h 05 min"."""
    whole = round(seconds)
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
