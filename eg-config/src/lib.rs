//! YAML files with located, complete and helpful errors.
