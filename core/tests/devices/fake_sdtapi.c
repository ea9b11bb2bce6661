/* A library with the signatures of sdtapi, for the tests: one reader on port 1003, its card taken from a file. */
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

static int opened = 0, found = 0;

static FILE *card(void) { return fopen(getenv("FAKE_SDT_CARD"), "rb"); }

int SDT_OpenPort(int port) { return (port == 1003 && (opened = 1)) ? 0x90 : 0x02; }
int SDT_ClosePort(int port) { opened = 0; return 0x90; }
int SDT_StartFindIDCard(int port, unsigned char *iin, int if_open) {
    FILE *file = card();
    if (!opened || port != 1003) return 0x01;
    if (!file) { found = 0; return 0x80; }
    fclose(file);
    if (found) return 0x80; /* read before: it has to be lifted first */
    memset(iin, 0, 4);
    return 0x9f;
}
int SDT_SelectIDCard(int port, unsigned char *sn, int if_open) { memset(sn, 0, 8); found = 1; return 0x90; }
int SDT_ReadBaseMsg(int port, unsigned char *text, unsigned int *text_length, unsigned char *photo,
                    unsigned int *photo_length, int if_open) {
    FILE *file = card();
    if (!file) return 0x41;
    *text_length = fread(text, 1, 256, file);
    *photo_length = fread(photo, 1, 1024, file);
    fclose(file);
    printf("driver chatter\n");
    fflush(stdout);
    if (*text_length == 1) abort();
    return 0x90;
}
