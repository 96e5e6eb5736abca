//! The driver SDK: drivers, devices, boards and the backends under them.
