#include "plots/script.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Bytes that a character takes by its first one; 0: no first byte. */
static size_t announced_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if ((lead & 0xe0) == 0xc0)
        return 2;
    if ((lead & 0xf0) == 0xe0)
        return 3;
    return (lead & 0xf8) == 0xf0 ? 4 : 0;
}

/* Length of the UTF-8 sequence at str, 0: not one, overlong, or no character of XML. */
static size_t utf8_length(const unsigned char *str)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const size_t length = announced_length(str[0]);
    if (length < 2)
        return length;
    uint32_t code = str[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((str[i] & 0xc0) != 0x80) /* also at the end of the string */
            return 0;
        code = code << 6 | (str[i] & 0x3fu);
    }
    const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
    const bool is_control = code < 0xa0;
    if (code < least[length] || code > 0x10ffff || is_surrogate || is_control ||
        (code & 0xfffe) == 0xfffe)
        return 0;
    return length;
}

/* Appends the character of `length` bytes at `at`, or what stands in for it. */
static void add_character(struct pb_text *script, const unsigned char *at, size_t length)
{
    if (*at < 0x20 || *at == 0x7f)
        pb_text_add(script, " ");
    else if (!length)
        pb_text_add(script, "?");
    else if (*at == '\'')
        pb_text_add(script, "\u2019");
    else
        pb_text_add_bytes(script, (const char *)at, length);
}

/* gnuplot leaves '>' alone, and XML allows no "]]>" in a text. */
static bool ends_cdata(const struct pb_text *script, unsigned char next)
{
    return next == '>' && script->len >= 2 &&
           !strcmp(script->str + script->len - 2, "]]");
}

void pb_script_string(struct pb_text *script, const char *str, size_t most)
{
    const unsigned char *at = (const unsigned char *)(str ? str : "");
    pb_text_add(script, "'");
    for (size_t count = 0; *at && count < most; count++) {
        const size_t length = utf8_length(at);
        add_character(script, at, ends_cdata(script, *at) ? 0 : length);
        at += length ? length : 1;
    }
    pb_text_add(script, *at ? "\u2026'" : "'");
}

void pb_script_set(struct pb_text *script, const char *name, const char *str, size_t most)
{
    pb_text_addf(script, "%s = ", name);
    pb_script_string(script, str, most);
    pb_text_add(script, "\n");
}

void pb_script_file_name(struct pb_text *name, const char *str)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789_-";
    size_t left = 60; /* three of these and the rest stay below what file systems take */
    for (const char *c = str ? str : "none"; *c && left; c++, left--)
        pb_text_add_bytes(name, strchr(allowed, *c) ? c : "_", 1);
}
