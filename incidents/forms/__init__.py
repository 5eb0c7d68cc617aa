"""Input of the incidents' pages."""
