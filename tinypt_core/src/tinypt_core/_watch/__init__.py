"""What looks over an operator's shoulder: observers, the profile, anomaly detection."""
