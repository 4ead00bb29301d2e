#include "measure/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char pb_text_empty[1] = "";

void pb_text_release(struct pb_text *text)
{
    if (text->cap)
        free(text->str);
    *text = (struct pb_text)PB_TEXT_INIT;
}

void pb_text_clear(struct pb_text *text)
{
    text->len = 0;
    text->failed = false;
    if (text->cap)
        text->str[0] = '\0';
}

/* Makes room for `extra` more bytes and the NUL. */
static bool reserve(struct pb_text *text, size_t extra)
{
    if (text->failed)
        return false;
    if (text->len + extra < text->cap)
        return true;
    const size_t cap = (text->len + extra + 1) * 2;
    char *str = realloc(text->cap ? text->str : NULL, cap);
    if (!str) {
        text->failed = true;
        return false;
    }
    text->str = str;
    text->cap = cap;
    return true;
}

void pb_text_add_bytes(struct pb_text *text, const char *bytes, size_t count)
{
    if (!reserve(text, count))
        return;
    if (count)
        memcpy(text->str + text->len, bytes, count);
    text->len += count;
    text->str[text->len] = '\0';
}

void pb_text_add(struct pb_text *text, const char *str)
{
    pb_text_add_bytes(text, str, strlen(str));
}

__attribute__((format(printf, 2, 0))) static void
add_formatted(struct pb_text *text, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    const int count = vsnprintf(NULL, 0, format, args);
    if (count >= 0 && reserve(text, (size_t)count)) {
        (void)vsnprintf(text->str + text->len, (size_t)count + 1, format, again);
        text->len += (size_t)count;
    }
    va_end(again);
}

void pb_text_addf(struct pb_text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_formatted(text, format, args);
    va_end(args);
}

char *pb_text_take(struct pb_text *text)
{
    pb_text_add_bytes(text, "", 0); /* so that an empty text is owned too */
    char *str = text->failed ? NULL : text->str;
    if (!str && text->cap)
        free(text->str);
    *text = (struct pb_text)PB_TEXT_INIT;
    return str;
}

char *pb_text_format(const char *format, ...)
{
    struct pb_text text = PB_TEXT_INIT;
    va_list args;
    va_start(args, format);
    add_formatted(&text, format, args);
    va_end(args);
    return pb_text_take(&text);
}

char *pb_text_one_line(char *str)
{
    for (char *c = str; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    return str;
}

bool pb_text_same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}
