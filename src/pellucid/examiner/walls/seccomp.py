"""A filter of system calls: no process, no socket, no signal to others, nothing that reshapes the machine.

A filter is a small program that the kernel runs before each system call. Numbers of calls differ between
architectures; on one that is not in the table there is no filter.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterator

from pellucid.examiner.walls.system_calls import SET_PARENT_DEATH_SIGNAL, call

GET_SECCOMP, SET_SECCOMP, FILTER = 21, 22, 2
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # where they are in the kernel's record of a call
LOAD, IF_EQUAL, IF_AT_LEAST, IF_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, FAIL = 0x7FFF0000, 0x00050000
OTHER_NUMBERS = 0x40000000  # x86-64 has every call a second time, with this bit
A_THREAD = 0x00010000  # the flag of clone for a thread of the same process
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# fmt: off
# Each call's numbers on x86-64 and on ARM64; None where it does not exist.
Table = dict[str, tuple[int | None, int | None]]
DENIED: Table = {
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242), "sendto": (44, 206), "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "recvmsg": (47, 212), "recvmmsg": (299, 243),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "process_madvise": (440, 440), "process_mrelease": (448, 448), "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "tkill": (200, 130),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "syslog": (103, 116),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "personality": (135, 92),
    "quotactl": (179, 60), "quotactl_fd": (443, 443), "acct": (163, 89), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266),
    "sethostname": (170, 161),
    "setdomainname": (171, 162), "iopl": (172, None), "ioperm": (173, None), "vhangup": (153, 58),
    "mknod": (133, None), "mknodat": (259, 33), "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "fanotify_init": (300, 262), "lookup_dcookie": (212, 18),
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "msgget": (68, 186), "msgsnd": (69, 189),
    "msgrcv": (70, 188), "msgctl": (71, 187), "semget": (64, 190), "semop": (65, 193), "semctl": (66, 191),
    "semtimedop": (220, 192), "mq_open": (240, 180), "mq_unlink": (241, 181),
    "sched_setaffinity": (203, 122), "setpriority": (141, 140), "ioprio_set": (251, 30),
    "setuid": (105, 146), "setgid": (106, 144), "setreuid": (113, 145), "setregid": (114, 143),
    "setresuid": (117, 147),
    "setresgid": (119, 149), "setgroups": (116, 159), "setfsuid": (122, 151), "setfsgid": (123, 152),
    "capset": (126, 91),
}
# Landlock does not cover these. They do nothing and succeed, so that copying a file still works.
WITHOUT_EFFECT: Table = {
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "setxattrat": (463, 463),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "removexattrat": (466, 466),
}
ONLY_THIS_PROCESS: Table = {
    "kill": (62, 129), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
}
CLONE: Table = {"clone": (56, 220)}
CLONE3: Table = {"clone3": (435, 435)}  # its flags cannot be looked at; where it is unknown, clone is used
PRCTL: Table = {"prctl": (157, 167)}
# fmt: on


def is_known() -> bool:
    """Return whether the numbers of this machine's system calls are known."""
    return platform.machine() in ARCHITECTURES


def obey() -> None:
    """Filter this process's system calls from now on, and those of its threads."""
    program = b"".join(_program(platform.machine(), os.getpid()))
    instructions = ctypes.create_string_buffer(program, len(program))
    pointer = struct.pack("@HP", len(program) // 8, ctypes.addressof(instructions))
    call("prctl", SET_SECCOMP, FILTER, ctypes.create_string_buffer(pointer), 0, 0)


def is_obeyed() -> bool:
    """Return whether this process's system calls are filtered."""
    try:
        return call("prctl", GET_SECCOMP, 0, 0, 0, 0) == FILTER
    except OSError:
        return False


def _program(machine: str, process: int) -> Iterator[bytes]:
    fail, succeed, unknown = FAIL | errno.EPERM, FAIL, FAIL | errno.ENOSYS
    yield from _load(ARCHITECTURE)
    yield _instruction(IF_EQUAL, ARCHITECTURES[machine], 1, 0)
    yield _instruction(RETURN, fail)
    yield from _load(NUMBER)
    yield _instruction(IF_AT_LEAST, OTHER_NUMBERS, 0, 1)
    yield _instruction(RETURN, fail)
    for table, outcome in ((DENIED, fail), (WITHOUT_EFFECT, succeed), (CLONE3, unknown)):
        for number in _numbers(table, machine):
            yield _instruction(IF_EQUAL, number, 0, 1)
            yield _instruction(RETURN, outcome)
    for table, test, value, if_so, otherwise in (
        (ONLY_THIS_PROCESS, IF_EQUAL, process, ALLOW, fail),
        (CLONE, IF_ANY_BIT, A_THREAD, ALLOW, fail),
        (PRCTL, IF_EQUAL, SET_PARENT_DEATH_SIGNAL, fail, ALLOW),
    ):
        for number in _numbers(table, machine):
            yield _instruction(IF_EQUAL, number, 0, 4)
            yield from _load(FIRST_ARGUMENT)
            yield _instruction(test, value, 0, 1)
            yield _instruction(RETURN, if_so)
            yield _instruction(RETURN, otherwise)
    yield _instruction(RETURN, ALLOW)


def _numbers(table: Table, machine: str) -> list[int]:
    place = list(ARCHITECTURES).index(machine)
    return [numbers[place] for numbers in table.values() if numbers[place] is not None]  # type: ignore[misc]  # mypy does not see the condition


def _load(place: int) -> Iterator[bytes]:
    yield _instruction(LOAD, place)


def _instruction(code: int, value: int, if_so: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, otherwise, value)
