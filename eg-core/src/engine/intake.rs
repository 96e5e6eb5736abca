//! Intake: what arrives is stored, and reaches its session in its turn.

mod inputs;
mod release;
