//! The whole way: a crate made outside EG, its library in a running agent, a press, its event at the core.

mod scaffold {
    use crate::files::{Folder, with_code};
    use crate::guest::library;
    use crate::room::Room;
    use rustix::process::Signal;
    use std::fs;

    /// One press and its release.
    const PLAYED: [&str; 2] = ["press", "release"];

    #[tokio::test]
    async fn a_driver_from_outside_is_loaded_and_its_press_arrives_at_the_core() {
        let mut room = Room::open(Some(library())).await;

        room.play("box/a").await;

        assert_eq!(room.stored("box"), PLAYED);
        assert!(room.close().await);
    }

    #[tokio::test]
    async fn a_changed_library_is_taken_over_and_no_press_is_lost() {
        let folder = Folder::new();
        let file = folder.copy("guest.so");
        let mut room = Room::open(Some(&file)).await;
        room.play("box/a").await;
        room.touch_and_see("panel/a", true).await;

        // The same code in another file, written over the one that runs.
        fs::write(&file, [fs::read(library()).unwrap(), b"newer".to_vec()].concat()).unwrap();
        room.signal(Signal::HUP);
        room.touch_and_see("panel/a", false).await;
        room.play("panel/a").await;
        let said = room.logs("the file was taken over").await;
        room.told(3).await;
        room.play("box/a").await;
        room.play("panel/a").await;

        assert!(said.contains("kept=1") && said.contains("changed=\"box\""), "{said}");
        assert_eq!(room.stored("box"), PLAYED.repeat(2));
        assert_eq!(room.stored("panel"), PLAYED.repeat(3));
        assert_eq!(room.core.boots.len(), 1);
        assert!(room.close().await);
    }

    #[tokio::test]
    async fn a_new_library_is_taken_over_by_the_page() {
        let mut room = Room::open(None).await;
        room.touch_and_see("panel/a", true).await;

        room.write(Some(library()));
        let answer = room.post("/reload", "");
        room.told(2).await;
        room.play("box/a").await;
        room.touch_and_see("panel/a", false).await;

        assert!(answer.contains(r#""kept":["panel"],"opened":["box"]"#), "{answer}");
        assert_eq!((room.stored("box"), room.stored("panel")), (PLAYED.into(), PLAYED.into()));
        assert!(room.close().await);
    }

    #[tokio::test]
    async fn a_bad_library_is_not_taken_over_and_the_old_one_goes_on() {
        let folder = Folder::new();
        let file = folder.copy("guest.so");
        let mut room = Room::open(Some(&file)).await;

        let mut bytes = fs::read(library()).unwrap();
        with_code(&mut bytes, &[0]);
        for (bad, words) in [(bytes, "it crashes when it is loaded"), (vec![], "it is no ELF file")]
        {
            fs::write(&file, bad).unwrap();
            room.signal(Signal::HUP);
            let said = room.logs("not taken over").await;

            assert!(said.contains("plugins[0].file") && said.contains(words), "{said}");
            room.play("box/a").await;
        }

        assert_eq!(room.stored("box"), PLAYED.repeat(2));
        assert!(room.close().await);
    }

    #[tokio::test]
    async fn a_file_that_is_read_again_with_the_same_library_disturbs_nothing() {
        let mut room = Room::open(Some(library())).await;
        room.touch_and_see("box/a", true).await;

        room.signal(Signal::HUP);
        let said = room.logs("the file was taken over").await;
        room.touch_and_see("box/a", false).await;

        assert!(said.contains("kept=2"), "{said}");
        assert_eq!(room.stored("box"), PLAYED);
        assert!(room.close().await);
    }
}
