"""What else there is for a youth: trainings, schools, jobs, events, shared out after offers."""
