//! The worker runs on any Linux of its architecture: it asks for no loader, no library and no symbol.
#![cfg(all(target_os = "linux", target_env = "gnu"))]

use object::elf::{DT_NEEDED, ET_DYN, FileHeader64, PT_DYNAMIC, PT_INTERP};
use object::read::elf::{Dyn, ElfFile64, FileHeader, ProgramHeader};
use object::{Endianness, Object, ObjectSymbol};

#[test]
fn the_binary_is_a_static_position_independent_executable() {
    let bytes = std::fs::read(env!("CARGO_BIN_EXE_rustpipe-worker")).unwrap();
    let header = FileHeader64::<Endianness>::parse(&*bytes).unwrap();
    let endian = header.endian().unwrap();
    assert_eq!(header.e_type(endian), ET_DYN, "position independent");

    let segments = header.program_headers(endian, &*bytes).unwrap();
    assert!(
        segments
            .iter()
            .all(|segment| segment.p_type(endian) != PT_INTERP),
        "no loader"
    );
    let dynamic = segments
        .iter()
        .find(|segment| segment.p_type(endian) == PT_DYNAMIC)
        .unwrap();
    let entries = dynamic.dynamic(endian, &*bytes).unwrap().unwrap();
    assert!(
        entries.iter().all(|entry| entry.tag(endian) != DT_NEEDED),
        "no library"
    );

    let file = ElfFile64::<Endianness>::parse(&*bytes).unwrap();
    let undefined = file.dynamic_symbols().filter(ObjectSymbol::is_undefined);
    assert_eq!(
        undefined
            .map(|symbol| symbol.name().unwrap().to_owned())
            .collect::<Vec<_>>(),
        [""; 0]
    );
}
