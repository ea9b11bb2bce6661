/* Stands before the C library (LD_PRELOAD) and plays one video device, /dev/fake-camera, with the kernel's own header.
   Its picture is the file FAKE_CAMERA; without that file the device is gone. "on" and "off" are written to FAKE_CAMERA.log. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ROOM (4 << 20)
static int camera = -1, streaming = 0, count = 0, queued[8], next = 0;
static struct timespec last;
static const struct { __u32 w, h; } sizes[] = {{640, 480}, {2592, 1944}, {1280, 720}};

static int gone(void) { struct stat s; return stat(getenv("FAKE_CAMERA"), &s) != 0; }
static int fail(int code) { errno = code; return -1; }
static void note(const char *what) {
    char path[4096];
    snprintf(path, sizeof path, "%s.log", getenv("FAKE_CAMERA"));
    FILE *file = fopen(path, "a");
    if (file) { fprintf(file, "%s\n", what); fclose(file); }
}

static int opened(const char *path) {
    if (strcmp(path, "/dev/fake-camera") != 0) return -2;
    if (gone()) return fail(ENOENT);
    streaming = count = 0;
    return camera = memfd_create("camera", MFD_CLOEXEC);
}
#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        static int (*real)(const char *, int, ...); \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, mode_t); va_end(more); \
        if (!real) real = dlsym(RTLD_NEXT, #name); \
        int fd = opened(path); \
        return fd == -2 ? real(path, flags, mode) : fd; \
    }
OPEN(open)
OPEN(open64)

static int capabilities(struct v4l2_capability *c) {
    memset(c, 0, sizeof *c);
    strcpy((char *)c->card, "Fake A4 Camera");
    c->capabilities = V4L2_CAP_DEVICE_CAPS | V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
    c->device_caps = getenv("FAKE_CAMERA_BLIND") ? V4L2_CAP_META_CAPTURE : V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
    return 0;
}
static int formats(struct v4l2_fmtdesc *f) {
    if (f->index > 1 || f->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return fail(EINVAL);
    f->pixelformat = f->index == 0 ? V4L2_PIX_FMT_YUYV : V4L2_PIX_FMT_MJPEG;
    return 0;
}
static int frame_sizes(struct v4l2_frmsizeenum *s) {
    if (s->index > 2 || s->pixel_format != V4L2_PIX_FMT_MJPEG) return fail(EINVAL);
    s->type = V4L2_FRMSIZE_TYPE_DISCRETE;
    s->discrete.width = sizes[s->index].w;
    s->discrete.height = sizes[s->index].h;
    return 0;
}
static int set_format(struct v4l2_format *f) {
    if (f->type != V4L2_BUF_TYPE_VIDEO_CAPTURE || f->fmt.pix.pixelformat != V4L2_PIX_FMT_MJPEG) return fail(EINVAL);
    return f->fmt.pix.width == 2592 && f->fmt.pix.height == 1944 ? 0 : fail(EINVAL); /* the largest is to be asked for */
}
static int request(struct v4l2_requestbuffers *r) {
    if (r->memory != V4L2_MEMORY_MMAP || streaming) return fail(EBUSY);
    count = r->count = r->count > 3 ? 3 : r->count; /* fewer than asked for, as drivers may */
    memset(queued, 0, sizeof queued);
    return ftruncate(camera, (off_t)count * ROOM);
}
static int fill(struct v4l2_buffer *b) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long ms = (now.tv_sec - last.tv_sec) * 1000 + (now.tv_nsec - last.tv_nsec) / 1000000;
    if (!streaming) return fail(EINVAL);
    for (int tries = 0; !queued[next] && tries < count; tries++) next = (next + 1) % count;
    if (ms < 20 || !queued[next]) return fail(EAGAIN);
    last = now;
    FILE *file = fopen(getenv("FAKE_CAMERA"), "rb");
    if (!file) return fail(ENODEV);
    char *room = malloc(ROOM);
    b->bytesused = fread(room, 1, ROOM, file);
    fclose(file);
    if (pwrite(camera, room, b->bytesused, (off_t)next * ROOM) < 0) return fail(EIO);
    free(room);
    b->index = next;
    queued[next] = 0;
    return 0;
}

int ioctl(int fd, unsigned long what, ...) {
    static int (*real)(int, unsigned long, ...);
    va_list more; va_start(more, what); void *argument = va_arg(more, void *); va_end(more);
    if (!real) real = dlsym(RTLD_NEXT, "ioctl");
    if (fd != camera || camera < 0) return real(fd, what, argument);
    if (gone()) return fail(ENODEV);
    struct v4l2_buffer *b = argument;
    switch ((unsigned)what) {
    case (unsigned)VIDIOC_QUERYCAP: return capabilities(argument);
    case (unsigned)VIDIOC_ENUM_FMT: return formats(argument);
    case (unsigned)VIDIOC_ENUM_FRAMESIZES: return frame_sizes(argument);
    case (unsigned)VIDIOC_S_FMT: return set_format(argument);
    case (unsigned)VIDIOC_REQBUFS: return request(argument);
    case (unsigned)VIDIOC_QUERYBUF: b->m.offset = b->index * ROOM; b->length = ROOM; return 0;
    case (unsigned)VIDIOC_QBUF: queued[b->index] = 1; return b->memory == V4L2_MEMORY_MMAP ? 0 : fail(EINVAL);
    case (unsigned)VIDIOC_DQBUF: return fill(b);
    case (unsigned)VIDIOC_STREAMON: note("on"); streaming = 1; return 0;
    case (unsigned)VIDIOC_STREAMOFF: note("off"); streaming = 0; return 0;
    }
    return fail(ENOTTY);
}
