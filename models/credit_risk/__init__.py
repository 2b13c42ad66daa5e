"""How likely an applicant is to default on a loan, and why."""
