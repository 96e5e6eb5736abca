//! Messages of an agent about a library that it takes.

mod scaffold {
    use crate::files::Folder;
    use crate::guest::{KIND, agent, library};
    use serde_json::Value;

    fn json(arguments: &[&str]) -> Value {
        let output = agent(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn file() -> &'static str {
        library().to_str().unwrap()
    }

    #[test]
    fn probe_explains_crate_digest_drivers_and_schema() {
        let report = json(&["probe", "--json", file()]);

        assert_eq!(
            (&report["crate"], &report["version"]),
            (&"eg-driver-guest".into(), &"0.1.0".into())
        );
        assert_eq!((&report["file"], &report["refused"]), (&file().into(), &Value::Null));
        assert_eq!(report["sha256"].as_str().unwrap().len(), 64);
        let parts = report["fingerprint"].as_array().unwrap();
        assert!(parts.len() == 8 && parts.iter().all(|part| part["library"] == part["agent"]));
        let driver = &report["drivers"][0];
        assert_eq!((&driver["kind"], &driver["about"]), (&KIND.into(), &"A driver for EG".into()));
        assert!(driver["schema"]["properties"]["bus"]["description"].is_string(), "{driver}");
    }

    #[test]
    fn probe_tells_people_that_it_is_loaded() {
        let probed = agent(&["probe", file()]);

        let told = String::from_utf8(probed.stdout).unwrap();
        assert!(probed.status.success() && told.ends_with("this agent loads it\n"), "{told}");
        assert!(told.contains(&format!("driver {KIND}: A driver for EG")), "{told}");
    }

    #[test]
    fn the_listing_names_a_librarys_driver_with_its_file() {
        let folder = Folder::new();
        let copy = folder.copy("guest.so");
        folder.file("notes.txt", "no library, and not called like one");

        let listed = json(&["drivers", "--json", "--plugin", folder.path().to_str().unwrap()]);

        let all = listed.as_array().unwrap();
        let files =
            |kind: &str| all.iter().find(|driver| driver["kind"] == kind).unwrap()["file"].clone();
        assert_eq!(files(KIND), Value::from(copy.canonicalize().unwrap().to_str().unwrap()));
        assert_eq!(files("button-row"), Value::Null);
        let table = String::from_utf8(agent(&["drivers", "--plugin", file()]).stdout).unwrap();
        let row = table.lines().find(|line| line.contains(KIND)).unwrap();
        assert!(row.contains(file()), "{table}");
    }

    #[test]
    fn the_schema_knows_the_config_of_a_librarys_driver() {
        let schema = json(&["schema", "--plugin", file()]);

        let rules = schema["$defs"]["Device"]["allOf"].as_array().unwrap();
        let is_it = |rule: &&Value| rule["if"]["properties"]["driver"]["const"] == KIND;
        let config = &rules.iter().find(is_it).unwrap()["then"]["properties"]["config"];
        assert_eq!(config["required"], serde_json::json!(["bus"]));
    }
}
