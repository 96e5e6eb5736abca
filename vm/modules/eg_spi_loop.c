// SPDX-License-Identifier: GPL-2.0
/*
 * An SPI controller whose MISO is wired to its MOSI, with one spidev on it, for tests of EG in a virtual machine:
 * /dev/spidev0.0 reads what it writes, and zeros where it only reads.
 *
 * The test's side lies in /sys/devices/platform/eg-spi-loop:
 *   last     the last transfer: "mode 3, 1000000 Hz, 8 bits, 4 bytes"
 *   selects  how often the chip select was driven active
 */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/spi/spi.h>
#include <linux/sysfs.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define spi_alloc_host spi_alloc_master
#endif

static struct platform_device *platform;
static struct spi_controller *controller;

/* Written under the controller's own lock of the bus. */
static unsigned int selects;
static unsigned int last_mode, last_hz, last_bits, last_bytes;

static int transfer_one(struct spi_controller *host, struct spi_device *spi,
			struct spi_transfer *transfer)
{
	last_mode = spi->mode & (SPI_CPHA | SPI_CPOL);
	last_hz = transfer->speed_hz;
	last_bits = transfer->bits_per_word;
	last_bytes = transfer->len;
	if (transfer->rx_buf && transfer->tx_buf)
		memmove(transfer->rx_buf, transfer->tx_buf, transfer->len);
	else if (transfer->rx_buf)
		memset(transfer->rx_buf, 0, transfer->len);
	return 0;
}

/* The select is active low: the level is what it becomes. */
static void set_cs(struct spi_device *spi, bool level)
{
	if (!level)
		selects++;
}

static ssize_t last_show(struct device *dev, struct device_attribute *attr, char *out)
{
	return sysfs_emit(out, "mode %u, %u Hz, %u bits, %u bytes\n", last_mode, last_hz, last_bits,
			  last_bytes);
}
static DEVICE_ATTR_RO(last);

static ssize_t selects_show(struct device *dev, struct device_attribute *attr, char *out)
{
	return sysfs_emit(out, "%u\n", selects);
}
static DEVICE_ATTR_RO(selects);

static struct attribute *attributes[] = {
	&dev_attr_last.attr,
	&dev_attr_selects.attr,
	NULL,
};
static const struct attribute_group group = { .attrs = attributes };

/* spidev binds by the names of known chips only; this is one of them. */
static struct spi_board_info chip = {
	.modalias = "dh2228fv",
	.max_speed_hz = 10000000,
};

static int add_controller(void)
{
	int error = sysfs_create_group(&platform->dev.kobj, &group);

	if (error)
		return error;
	controller = spi_alloc_host(&platform->dev, 0);
	if (!controller)
		return -ENOMEM;
	controller->bus_num = 0;
	controller->num_chipselect = 1;
	controller->mode_bits = SPI_CPOL | SPI_CPHA;
	controller->transfer_one = transfer_one;
	controller->set_cs = set_cs;
	error = spi_register_controller(controller);
	if (error) {
		spi_controller_put(controller);
		return error;
	}
	if (!spi_new_device(controller, &chip)) {
		spi_unregister_controller(controller);
		return -ENODEV;
	}
	return 0;
}

static int __init eg_spi_loop_init(void)
{
	int error;

	platform = platform_device_register_simple("eg-spi-loop", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(platform))
		return PTR_ERR(platform);
	error = add_controller();
	if (error)
		platform_device_unregister(platform);
	return error;
}

static void __exit eg_spi_loop_exit(void)
{
	spi_unregister_controller(controller);
	platform_device_unregister(platform);
}

module_init(eg_spi_loop_init);
module_exit(eg_spi_loop_exit);
MODULE_DESCRIPTION("SPI controller that hears itself, for tests");
MODULE_LICENSE("GPL");
