/* Builds and appends frames; see frame.h. */
#include "frame.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "../base/checksum.h"
#include "../base/pages.h"
#include "../base/sys.h"
#include "file.h"

enum { FRAME_ROOM_FIRST = 64 << 10 };

void frame_begin(struct frame *frame)
{
    *frame = (struct frame){.start = pages_map(FRAME_ROOM_FIRST), .room = FRAME_ROOM_FIRST};
    frame->is_cut = frame->start == NULL;
    frame->length = sizeof(struct leakfile_frame);
}

static bool frame_make_room(struct frame *frame, size_t more)
{
    if (frame->is_cut || frame->length + more <= frame->room)
        return !frame->is_cut;
    size_t room = frame->room;
    while (room < frame->length + more)
        room *= 2;
    char *larger = pages_map(room);
    if (larger == NULL) {
        frame->is_cut = true;
        return false;
    }
    memcpy(larger, frame->start, frame->length);
    pages_unmap(frame->start, frame->room);
    frame->start = larger;
    frame->room = room;
    return true;
}

void frame_add(struct frame *frame, enum leakfile_tag tag, const struct frame_part *parts,
               size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += parts[i].length;
    size_t padded = (bytes + 7) & ~(size_t)7;
    struct leakfile_record record = {.tag = (uint16_t)tag, .bytes = (uint32_t)bytes};
    if (!frame_make_room(frame, sizeof record + padded))
        return;
    memcpy(frame->start + frame->length, &record, sizeof record);
    char *at = frame->start + frame->length + sizeof record;
    for (size_t i = 0; i < count; i++) {
        memcpy(at, parts[i].bytes, parts[i].length);
        at += parts[i].length;
    }
    memset(at, 0, padded - bytes);
    frame->length += sizeof record + padded;
}

/* Takes back the first part of a frame whose rest there was no room for: what is appended later
 * would not be found behind it. */
static void frame_take_back(int fd, size_t bytes)
{
    struct stat status; /* on x86-64 as the kernel has it */
    if (bytes != 0 && sys_call(SYS_fstat, fd, &status) == 0 && (size_t)status.st_size >= bytes)
        sys_call(SYS_ftruncate, fd, (size_t)status.st_size - bytes);
}

int frame_write(struct frame *frame, int fd, uint32_t sequence)
{
    if (frame->is_cut)
        return -ENOMEM;
    struct leakfile_frame *header = (struct leakfile_frame *)(void *)frame->start;
    header->magic = LEAKFILE_FRAME_MAGIC;
    header->length = frame->length - sizeof *header;
    header->sequence = sequence;
    header->checksum = checksum_add(0, header + 1, header->length);
    header->header_checksum =
        checksum_add(0, header, offsetof(struct leakfile_frame, header_checksum));
    for (size_t done = 0; done < frame->length;) {
        ssize_t wrote = file_append(fd, frame->start + done, frame->length - done);
        if (wrote == -EINTR)
            continue;
        if (wrote <= 0) {
            frame_take_back(fd, done);
            return wrote < 0 ? (int)wrote : -EIO;
        }
        done += (size_t)wrote;
    }
    return 0;
}

void frame_end(struct frame *frame)
{
    if (frame->start != NULL)
        pages_unmap(frame->start, frame->room);
    frame->start = NULL;
}
