/* A library with the signatures of termb, for the tests: one reader on port 1001, its card a file of lines and a BMP. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME, SEX, NATION, BIRTHDAY, ADDRESS, CODE, DEPARTMENT, START, END, KIND, PASS, ISSUES, LINES };

static int opened = 0, found = 0;
static char lines[LINES][256];

static FILE *card(void) { return fopen(getenv("FAKE_CVR_CARD"), "rb"); }

int CVR_InitComm(int port) { return opened = port == 1001; }
int CVR_CloseComm(void) { opened = 0; return 1; }
int CVR_Authenticate(void) {
    FILE *file = card();
    if (!opened) return 4;
    if (!file) { found = 0; return 2; }
    fclose(file);
    if (found) return 2; /* read before: it has to be lifted first */
    found = 1;
    return 1;
}
int CVR_Read_Content(int active) {
    FILE *file = card();
    if (!file || active != 4) return 0;
    memset(lines, 0, sizeof lines);
    for (int n = 0; n < LINES && fgets(lines[n], 256, file); n++) lines[n][strcspn(lines[n], "\n")] = 0;
    fclose(file);
    if (!strcmp(lines[NAME], "abort")) abort();
    return 1;
}
static int give(int line, char *text, int *length) {
    int needed = (int)strlen(lines[line]) + 1;
    if (needed > *length) return 0;
    memcpy(text, lines[line], needed);
    *length = needed;
    return 1;
}
int GetPeopleName(char *text, int *length) { return give(NAME, text, length); }
int GetPeopleSex(char *text, int *length) { return give(SEX, text, length); }
int GetPeopleNation(char *text, int *length) { return give(NATION, text, length); }
int GetPeopleBirthday(char *text, int *length) { return give(BIRTHDAY, text, length); }
int GetPeopleAddress(char *text, int *length) { return give(ADDRESS, text, length); }
int GetPeopleIDCode(char *text, int *length) { return give(CODE, text, length); }
int GetDepartment(char *text, int *length) { return give(DEPARTMENT, text, length); }
int GetStartDate(char *text, int *length) { return give(START, text, length); }
int GetEndDate(char *text, int *length) { return give(END, text, length); }
int GetCertType(char *text, int *length) { return give(KIND, text, length); }
int GetPassCheckID(char *text, int *length) { return give(PASS, text, length); }
int GetIssuesNum(char *text, int *length) { return give(ISSUES, text, length); }
int GetBMPData(unsigned char *data, int *length) {
    FILE *file = fopen(getenv("FAKE_CVR_PHOTO"), "rb");
    if (!file) return 0;
    *length = (int)fread(data, 1, *length, file);
    fclose(file);
    return 1;
}
