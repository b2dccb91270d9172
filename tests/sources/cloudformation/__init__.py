"""Templates: CloudFormation, SAM, the CDK's output."""
