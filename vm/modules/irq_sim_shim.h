/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lets the kernel's irq_sim.c be part of a module: irq_to_desc() is not exported to modules, but
 * generic_handle_irq() is, and takes the number of the interrupt. Only the call is replaced; where
 * handle_simple_irq is named as a handler it stays what it is.
 */
#include <linux/irq.h>
#include <linux/irqdesc.h>

#define irq_to_desc(number) (number)
#define handle_simple_irq(number) generic_handle_irq(number)
