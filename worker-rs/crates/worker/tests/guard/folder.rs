//! A program works in a folder that does not outlive it.

use std::path::Path;
use std::process::Command;

use crate::harness::{BINARY, Guard, SOON, folder, guard, wait_until};

const MESS: &str = "mkdir -p a/b; echo x > a/b/c; ln -s /etc a/link; pwd";

#[test]
fn the_folder_is_the_working_directory_and_removed_at_the_end() {
    let folder = folder("removed");
    let kept = folder.with_extension("kept");
    std::fs::create_dir(&kept).unwrap();
    std::fs::write(kept.join("file"), "").unwrap();
    let mut guard = Guard::start(guard().arg("--folder").arg(&folder).args([
        "--",
        "/bin/sh",
        "-c",
        &format!("{MESS}; ln -s {} elsewhere", kept.display()),
    ]));
    assert_eq!(Path::new(&guard.line()), folder);
    assert!(guard.end().status.success());
    assert!(!folder.exists());
    // What a link points at is someone else's.
    assert!(kept.join("file").exists());
    std::fs::remove_dir_all(kept).unwrap();
}

#[test]
fn the_folder_is_removed_when_the_parent_was_killed() {
    let folder = folder("orphaned");
    let script =
        r#""$0" guard --parent $$ --folder "$1" -- /bin/sh -c "$2; exec sleep 1000" & wait"#;
    let mut parent = Guard::start(
        Command::new("/bin/sh")
            .args(["-c", script, BINARY])
            .arg(&folder)
            .arg(MESS),
    );
    assert_eq!(Path::new(&parent.line()), folder);
    parent.signal("KILL");
    let took = wait_until("the folder is gone", || !folder.exists());
    assert!(took < SOON, "{took:?}");
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let end = Guard::start(guard().args(["--folder", "/nowhere/folder", "--", "/bin/true"])).end();
    assert_eq!(end.status.code(), Some(127));
    assert!(end.stderr.contains("'/nowhere/folder'"), "{}", end.stderr);
}
