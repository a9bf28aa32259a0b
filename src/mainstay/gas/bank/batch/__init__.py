"""Set-based work: the window through which messages reach the money, comparison by sets, states of lines."""
