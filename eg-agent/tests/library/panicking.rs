//! A library's driver that panics costs its own device and nothing else.

mod scaffold {
    use crate::files::Folder;
    use crate::guest::{KIND, library};
    use crate::soon;
    use eg_agent::config::{Overrides, Problems, SlotConfig, Source, read_slot};
    use eg_agent::library::Libraries;
    use eg_agent::slot::{DeviceView, RunningSlot, Slot, SlotState};
    use eg_proto::DeviceState;
    use tokio::runtime::Handle;

    /// A slot with a linked driver's device, and one of the library that panics then.
    fn config(folder: &Folder, trouble: &str) -> Result<SlotConfig, Problems> {
        let slot = format!(
            "slot: slot-01\ncore: {{ host: 127.0.0.1, port: 1 }}\nhal: sim\noutbox: {}/outbox.db\ndevices:\n  \
             panel:\n    driver: button-row\n    config: {{ inputs: [GPIO5], pull: up }}\n    \
             inputs: {{ a: {{ channel: 0, active: low }} }}\n  box:\n    driver: {KIND}\n    \
             config: {{ bus: i2c-1, trouble: {trouble} }}\n    inputs: {{ a: {{ channel: 0, active: low }} }}\n",
            folder.path().display()
        );
        let agent = Some(env!("CARGO_BIN_EXE_eg-agent").into());
        let libraries = Libraries { extra: vec![library().to_owned()], agent };
        let overrides = Overrides { libraries, ..Overrides::default() };
        read_slot(Source::text("slot.yaml", slot), &overrides)
    }

    async fn see(slot: &RunningSlot, mut like: impl FnMut(&DeviceView, &DeviceView) -> bool) {
        let like = |state: &SlotState| like(&state.devices[0], &state.devices[1]);
        soon(async { slot.watch().wait_for(like).await.map(drop) }).await.unwrap();
    }

    fn touch(slot: &RunningSlot, device: &str, down: bool) {
        let (device, input) = (device.parse().unwrap(), "a".parse().unwrap());
        let touched =
            if down { slot.press(&device, &input) } else { slot.release(&device, &input) };
        touched.unwrap();
    }

    fn lost(device: &DeviceView, error: &str) -> bool {
        device.state == DeviceState::Lost && device.error.as_deref() == Some(error)
    }

    #[tokio::test]
    async fn a_library_that_panics_when_it_reads_costs_its_own_device() {
        let folder = Folder::new();
        let slot = Slot::start(config(&folder, "read").unwrap(), &Handle::current()).unwrap();
        let ready = |device: &DeviceView| device.state == DeviceState::Ready;
        see(&slot, |panel, guest| ready(panel) && ready(guest)).await;

        touch(&slot, "box", true);
        see(&slot, |_, guest| lost(guest, "the driver panicked: a button fell off")).await;
        touch(&slot, "panel", true);
        see(&slot, |panel, _| ready(panel) && panel.inputs[0].pressed).await;
        touch(&slot, "box", false);

        see(&slot, |_, guest| ready(guest)).await;
        slot.stop().await;
    }

    #[tokio::test]
    async fn a_library_that_panics_when_it_opens_costs_its_own_device() {
        let folder = Folder::new();
        // Reading the file opens it for the first time, on a bench.
        let config = config(&folder, "reopen").unwrap();

        let slot = Slot::start(config, &Handle::current()).unwrap();

        see(&slot, |_, guest| lost(guest, "the driver panicked: the bag is empty now")).await;
        touch(&slot, "panel", true);
        see(&slot, |panel, _| panel.state == DeviceState::Ready && panel.inputs[0].pressed).await;
        slot.stop().await;
    }

    #[test]
    fn a_panic_on_the_bench_is_told_where_the_config_is() {
        let folder = Folder::new();

        let problems = config(&folder, "open").unwrap_err();

        let heads: Vec<_> = problems.iter().map(|problem| problem.head()).collect();
        let message = format!(
            "driver {KIND} of crate eg-driver-guest panicked with this config: no chip in the bag"
        );
        assert_eq!(heads, [format!("slot.yaml:12:13: devices.box.config: {message}")]);
    }
}
