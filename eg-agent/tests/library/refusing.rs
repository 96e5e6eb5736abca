//! Every file that is refused, through the agent's own binary.

/// These need the library that they damage.
mod scaffold {
    use crate::files::{self, Folder};
    use crate::guest::{KIND, agent, library};
    use rustix::process::geteuid;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::path::{Path, PathBuf};

    /// Runs `probe` on a file that is refused; gives its report and the reason.
    fn refused(file: &Path) -> (serde_json::Value, String) {
        let probed = agent(&["probe", "--json", file.to_str().unwrap()]);
        let report: serde_json::Value = serde_json::from_slice(&probed.stdout).unwrap();
        assert_eq!(probed.status.code(), Some(1), "{report}");
        let reason = report["refused"].as_str().unwrap().to_owned();
        (report, reason)
    }

    #[track_caller]
    fn tells(file: &Path, words: &[&str]) -> serde_json::Value {
        let (report, reason) = refused(file);
        assert!(words.iter().all(|word| reason.contains(word)), "{reason}");
        assert!(!reason.contains('\n') && !reason.ends_with('.'), "{reason}");
        report
    }

    fn changed(change: impl FnOnce(&mut Vec<u8>), words: &[&str]) -> serde_json::Value {
        let folder = Folder::new();
        tells(&folder.library("bad.so", change), words)
    }

    #[test]
    fn a_missing_library_is_refused() {
        tells(&Folder::new().path().join("none.so"), &["cannot read it: No such file"]);
    }

    #[test]
    fn a_folder_is_no_library() {
        tells(Folder::new().path(), &["no regular file"]);
    }

    #[test]
    fn a_library_that_was_cut_off_is_refused_and_kills_nobody() {
        let length = fs::metadata(library()).unwrap().len() as usize;
        for share in [1, 4, 7] {
            let cut = length * share / 8;
            let words = [&format!("it has {cut} bytes")[..], "copy it again"];

            changed(|bytes| bytes.truncate(cut), &words);
        }
        changed(|bytes| bytes.truncate(40), &["40 bytes do not hold its header"]);
    }

    #[test]
    fn garbage_is_refused() {
        let folder = Folder::new();

        tells(&folder.file("empty.so", ""), &["it is no ELF file"]);
        tells(&folder.file("text.so", "#!/bin/sh\necho hello\n"), &["it is no ELF file"]);
        tells(&folder.file("zeros.so", [0; 4096]), &["it is no ELF file"]);
    }

    #[test]
    fn a_library_of_another_machine_is_refused_and_explained() {
        let (number, name) =
            if cfg!(target_arch = "aarch64") { (62, "x86-64") } else { (183, "64-bit ARM") };

        let report = changed(|bytes| files::for_machine(bytes, number), &["it is for", name]);

        assert_eq!(
            (&report["machine"], &report["crate"]),
            (&name.into(), &"eg-driver-guest".into())
        );
    }

    #[test]
    fn a_library_without_drivers_is_refused_such_as_that_of_c() {
        let maps = fs::read_to_string("/proc/self/maps").unwrap();
        let mut paths = maps.lines().filter_map(|line| line.split_whitespace().nth(5));
        let libc = PathBuf::from(paths.find(|path| path.contains("/libc.so")).unwrap());

        tells(&libc, &["exports no EG_DRIVER_LIBRARY", "cargo eg build-plugin"]);
    }

    #[test]
    fn a_library_of_another_compiler_is_refused_side_by_side() {
        let other = |bytes: &mut Vec<u8>| files::declares(bytes, "rustc 1.", "rustc 2.");

        let report =
            changed(other, &["eg-driver-guest 0.1.0 has rustc 2.", "where this agent has 1."]);

        let parts = report["fingerprint"].as_array().unwrap();
        let unlike = parts.iter().filter(|part| part["library"] != part["agent"]);
        assert_eq!(unlike.map(|part| &part["part"]).collect::<Vec<_>>(), ["rustc"]);
    }

    #[test]
    fn a_library_of_another_sdk_is_refused() {
        let theirs = concat!("eg-hal ", env!("CARGO_PKG_VERSION"));

        changed(|bytes| files::declares(bytes, theirs, "eg-hal 9"), &["guest 0.1.0 has eg-hal 9"]);
    }

    #[test]
    fn a_library_that_lays_a_type_out_differently_is_refused() {
        let ours = eg_hal::library::fingerprint();
        let at = ours.find("Output:").unwrap();
        let words = ["has layout Output:9", "where this agent has Output:"];

        changed(|bytes| files::declares(bytes, &ours[at..at + 8], "Output:9"), &words);
    }

    #[test]
    fn a_declaration_of_another_version_is_refused() {
        changed(|bytes| files::of_version(bytes, 7), &["has version 7, and this agent knows 1"]);
    }

    #[test]
    fn a_library_that_crashes_costs_the_process_that_tries_it() {
        changed(|bytes| files::with_code(bytes, &[0]), &["it crashes when it is loaded", "SIG"]);
    }

    #[test]
    fn a_library_that_hangs_costs_the_process_that_tries_it() {
        changed(|bytes| files::with_code(bytes, &files::AGAIN), &["it hangs when it is loaded"]);
    }

    #[test]
    fn a_driver_that_is_linked_already_is_named_with_both_crates() {
        let words = [
            "\"button-row\"",
            "from crate eg-driver-button-row 0.1.0, linked",
            "from crate eg-driver-guest 0.1.0 in /",
        ];

        changed(|bytes| files::renamed(bytes, "button-row"), &words);
    }

    #[test]
    fn two_libraries_with_one_driver_are_named_with_both_files() {
        let folder = Folder::new();
        let (one, two) = (folder.copy("one.so"), folder.copy("two.so"));
        let [one, two] = [one.to_str().unwrap(), two.to_str().unwrap()];

        let listed = agent(&["drivers", "--plugin", one, "--plugin", two]);

        let told = String::from_utf8(listed.stderr).unwrap();
        assert_eq!(listed.status.code(), Some(2));
        assert!(told.contains(&format!("{two}: two drivers are called \"{KIND}\"")), "{told}");
        assert!(told.contains(one), "{told}");
    }

    #[test]
    fn a_library_that_others_may_change_is_refused() {
        let folder = Folder::new();
        let file = folder.copy("guest.so");
        let mode = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };

        mode(folder.path(), 0o777);
        tells(&file, &["others may change", "mode 0777", "chmod go-w"]);
        mode(folder.path(), 0o700);
        mode(&file, 0o666);
        tells(&file, &["others may change", "guest.so (mode 0666)"]);
        mode(&file, 0o644);
        assert!(agent(&["probe", file.to_str().unwrap()]).status.success());
    }

    #[test]
    fn a_library_of_another_user_is_refused() {
        let folder = Folder::new();
        let file = folder.copy("guest.so");
        // Only root can give a file away; to anybody else there is no file of another user to be had.
        if !geteuid().is_root() {
            return;
        }

        chown(&file, Some(65_534), None).unwrap();
        tells(&file, &["guest.so belongs to user 65534"]);
        chown(&file, Some(0), None).unwrap();
        chown(folder.path(), Some(65_534), None).unwrap();
        tells(&file, &["belongs to user 65534", "owns every folder"]);
    }

    fn check(folder: &Folder, plugins: &str) -> (bool, String) {
        let slot = format!(
            "slot: slot-01\ncore: {{ host: localhost }}\nhal: sim\n{plugins}\ndevices:\n  guest:\n    \
             driver: {KIND}\n    config: {{ bus: i2c-1 }}\n    inputs: {{ a: {{ channel: 0 }} }}\n"
        );
        let slot = folder.file("slot.yaml", slot);
        let checked = agent(&["check", slot.to_str().unwrap()]);
        (checked.status.success(), String::from_utf8(checked.stderr).unwrap())
    }

    #[test]
    fn a_file_other_than_the_one_that_was_written_down_is_refused() {
        let folder = Folder::new();
        let file = folder.copy("guest.so");
        let report = agent(&["probe", "--json", file.to_str().unwrap()]);
        let report: serde_json::Value = serde_json::from_slice(&report.stdout).unwrap();
        let right = report["sha256"].as_str().unwrap();
        let listed = |pin: &str| {
            let dir = folder.path().display();
            check(
                &folder,
                &format!("plugins_dir: {dir}\nplugins:\n  - file: guest.so\n    sha256: {pin}"),
            )
        };

        let (wrong, short) = (listed(&"0".repeat(64)), listed("\"12\""));

        assert_eq!(listed(right), (true, String::new()));
        assert!(!wrong.0 && wrong.1.contains("slot.yaml:6:11: plugins[0].file: "), "{}", wrong.1);
        assert!(wrong.1.contains(&format!("its sha256 is {right}, and 000")), "{}", wrong.1);
        assert!(short.1.contains("plugins[0].sha256: wanted the 64 hexadecimal"), "{}", short.1);
    }

    #[test]
    fn a_refused_library_is_told_where_the_slot_names_its_folder_and_nowhere_else() {
        let folder = Folder::new();
        folder.copy("guest.so");
        folder.file("stray.so", "stray");

        let (fine, told) = check(&folder, &format!("plugins_dir: {}", folder.path().display()));

        assert!(!fine && told.contains("slot.yaml:4:14: plugins_dir: "), "{told}");
        assert!(told.contains("stray.so: it is no ELF file"), "{told}");
        assert!(told.contains("1 mistake in"), "{told}");
    }

    #[test]
    fn a_mistake_in_the_config_of_a_librarys_driver_is_told_at_its_place() {
        let slot = format!(
            "slot: slot-01\ncore: {{ host: localhost }}\nhal: sim\nplugins: [ file: {} ]\ndevices:\n  guest:\n    \
             driver: {KIND}\n    config: {{ bus: i2c-1, truoble: none }}\n",
            library().display()
        );
        let folder = Folder::new();
        let slot = folder.file("slot.yaml", slot);

        let checked = agent(&["check", slot.to_str().unwrap()]);

        let told = String::from_utf8(checked.stderr).unwrap();
        let place = "slot.yaml:8:27: devices.guest.config: unknown key \"truoble\"";
        assert!(told.contains(place) && told.contains("did you mean \"trouble\"?"), "{told}");
    }
}
