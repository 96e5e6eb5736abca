// SPDX-License-Identifier: GPL-2.0
/*
 * An I2C controller with register files as its chips, for tests of EG in a virtual machine.
 *
 * The bus side is a full adapter: any number of messages in a transaction, as I2C_RDWR sends them. A chip takes the
 * first byte of a write as its register pointer; each further byte, read or written, moves on by one. A chip at an
 * address of `wide` has registers of two bytes, high byte first, and a pointer that stays where it is.
 *
 * The test's side lies in /sys/devices/platform/eg-i2c-regs:
 *   regs_20  the registers of the chip at 0x20, one byte after the other (two for each of a wide chip)
 *   last     the messages of the last transaction: "W1 R2" is one byte written, repeated start, two bytes read
 *   count    how many transactions there were
 *   fault    "121 3": the next three transactions end with errno 121 and touch nothing
 */
#include <linux/i2c.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/sysfs.h>

#define MAX_CHIPS 8
#define REGISTERS 256
#define SHAPE 96

static unsigned short addresses[MAX_CHIPS] = { 0x20, 0x21, 0x48 };
static int chip_count = 3;
module_param_array(addresses, ushort, &chip_count, 0444);
MODULE_PARM_DESC(addresses, "seven-bit addresses that answer");

static unsigned short wide[MAX_CHIPS] = { 0x48 };
static int wide_count = 1;
module_param_array(wide, ushort, &wide_count, 0444);
MODULE_PARM_DESC(wide, "those of them whose registers have two bytes");

struct chip {
	struct bin_attribute file;
	char name[8];
	u16 address;
	u8 width;
	u8 pointer;
	u8 memory[REGISTERS * 2];
};

/* Guards everything below. */
static DEFINE_MUTEX(lock);
static struct chip chips[MAX_CHIPS];
static unsigned int transactions;
static char shape[SHAPE];
static int fault_errno;
static unsigned int faults_left;

static struct platform_device *platform;

static struct chip *find_chip(u16 address)
{
	int i;

	for (i = 0; i < chip_count; i++)
		if (chips[i].address == address)
			return &chips[i];
	return NULL;
}

static void transfer_message(struct chip *chip, struct i2c_msg *message)
{
	bool reads = message->flags & I2C_M_RD;
	unsigned int at, i = 0;

	if (!reads && message->len)
		chip->pointer = message->buf[i++];
	at = chip->pointer * chip->width;
	for (; i < message->len; i++, at++) {
		u8 *cell = &chip->memory[at % (REGISTERS * chip->width)];

		if (reads)
			message->buf[i] = *cell;
		else
			*cell = message->buf[i];
	}
	if (chip->width == 1)
		chip->pointer = at;
}

static int transfer_locked(struct i2c_msg *messages, int count)
{
	int i, used = 0;

	transactions++;
	shape[0] = '\0';
	for (i = 0; i < count; i++)
		used += scnprintf(shape + used, SHAPE - used, "%s%c%u", i ? " " : "",
				  messages[i].flags & I2C_M_RD ? 'R' : 'W', messages[i].len);
	if (faults_left) {
		faults_left--;
		return -fault_errno;
	}
	for (i = 0; i < count; i++) {
		struct chip *chip = find_chip(messages[i].addr);

		/* What the controller of a Raspberry Pi says when nobody acknowledges. */
		if (!chip)
			return -EREMOTEIO;
		transfer_message(chip, &messages[i]);
	}
	return count;
}

static int transfer(struct i2c_adapter *adapter, struct i2c_msg *messages, int count)
{
	int done;

	mutex_lock(&lock);
	done = transfer_locked(messages, count);
	mutex_unlock(&lock);
	return done;
}

static u32 functionality(struct i2c_adapter *adapter)
{
	return I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;
}

static const struct i2c_algorithm algorithm = {
	.master_xfer = transfer,
	.functionality = functionality,
};

static struct i2c_adapter adapter = {
	.owner = THIS_MODULE,
	.name = "eg register files",
	.algo = &algorithm,
	.nr = 1,
};

static ssize_t regs_read(struct file *file, struct kobject *kobj, struct bin_attribute *attr,
			 char *out, loff_t at, size_t count)
{
	struct chip *chip = attr->private;

	mutex_lock(&lock);
	memcpy(out, chip->memory + at, count);
	mutex_unlock(&lock);
	return count;
}

static ssize_t regs_write(struct file *file, struct kobject *kobj, struct bin_attribute *attr,
			  char *in, loff_t at, size_t count)
{
	struct chip *chip = attr->private;

	mutex_lock(&lock);
	memcpy(chip->memory + at, in, count);
	mutex_unlock(&lock);
	return count;
}

static ssize_t last_show(struct device *dev, struct device_attribute *attr, char *out)
{
	ssize_t length;

	mutex_lock(&lock);
	length = sysfs_emit(out, "%s\n", shape);
	mutex_unlock(&lock);
	return length;
}
static DEVICE_ATTR_RO(last);

static ssize_t count_show(struct device *dev, struct device_attribute *attr, char *out)
{
	return sysfs_emit(out, "%u\n", READ_ONCE(transactions));
}
static DEVICE_ATTR_RO(count);

static ssize_t fault_store(struct device *dev, struct device_attribute *attr, const char *in,
			   size_t length)
{
	unsigned int code, times;

	if (sscanf(in, "%u %u", &code, &times) != 2)
		return -EINVAL;
	mutex_lock(&lock);
	fault_errno = code;
	faults_left = times;
	mutex_unlock(&lock);
	return length;
}
static DEVICE_ATTR_WO(fault);

static struct attribute *attributes[] = {
	&dev_attr_last.attr,
	&dev_attr_count.attr,
	&dev_attr_fault.attr,
	NULL,
};
static const struct attribute_group group = { .attrs = attributes };

static int add_chip(struct chip *chip, u16 address)
{
	int i;

	chip->address = address;
	chip->width = 1;
	for (i = 0; i < wide_count; i++)
		if (wide[i] == address)
			chip->width = 2;
	snprintf(chip->name, sizeof(chip->name), "regs_%02x", address & 0x7f);
	sysfs_bin_attr_init(&chip->file);
	chip->file.attr.name = chip->name;
	chip->file.attr.mode = 0600;
	chip->file.size = REGISTERS * chip->width;
	chip->file.read = regs_read;
	chip->file.write = regs_write;
	chip->file.private = chip;
	return sysfs_create_bin_file(&platform->dev.kobj, &chip->file);
}

static int __init eg_i2c_regs_init(void)
{
	int i, error;

	platform = platform_device_register_simple("eg-i2c-regs", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(platform))
		return PTR_ERR(platform);
	error = sysfs_create_group(&platform->dev.kobj, &group);
	for (i = 0; i < chip_count && !error; i++)
		error = add_chip(&chips[i], addresses[i]);
	if (!error) {
		adapter.dev.parent = &platform->dev;
		error = i2c_add_numbered_adapter(&adapter);
	}
	/* Goes with its files. */
	if (error)
		platform_device_unregister(platform);
	return error;
}

static void __exit eg_i2c_regs_exit(void)
{
	i2c_del_adapter(&adapter);
	platform_device_unregister(platform);
}

module_init(eg_i2c_regs_init);
module_exit(eg_i2c_regs_exit);
MODULE_DESCRIPTION("I2C controller with register files as its chips, for tests");
MODULE_LICENSE("GPL");
