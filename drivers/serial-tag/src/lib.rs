//! Serial RFID tag readers.
